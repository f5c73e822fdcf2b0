/* The texts of choices: sorted tables, each kept once, so that equal choices are equal terms. */
#include "terms.h"

#include <stdlib.h>
#include <string.h>

static int same_texts(const Texts *known, const Texts *wanted) {
    if (known->hash != wanted->hash || known->num_texts != wanted->num_texts) return 0;
    for (int32_t i = 0; i < wanted->num_texts; i++)
        if (known->texts[i].size != wanted->texts[i].size ||
            memcmp(known->texts[i].data, wanted->texts[i].data, (size_t)wanted->texts[i].size))
            return 0;
    return 1;
}

static uint32_t hash_of(const Text *texts, int32_t num_texts) {
    uint64_t hash = (uint64_t)num_texts;
    for (int32_t i = 0; i < num_texts; i++) {
        for (int32_t j = 0; j < texts[i].size; j++) hash = (hash ^ (uint8_t)texts[i].data[j]) * 0x100000001B3u;
        hash = (hash ^ 256) * 0x100000001B3u;
    }
    return (uint32_t)(hash ^ hash >> 32);
}

static void rehash(Algebra *algebra) {
    int64_t num_slots = 0, wanted = algebra->num_text_slots ? 2 * algebra->num_text_slots : 64;
    int32_t *slots = grown(algebra, NULL, &num_slots, sizeof(int32_t), wanted);
    memset(slots, 0xFF, (size_t)num_slots * sizeof(int32_t));
    for (int32_t table = 0; table < algebra->num_texts; table++) {
        int64_t place = algebra->texts[table]->hash & (num_slots - 1);
        while (slots[place] != UNKNOWN) place = (place + 1) & (num_slots - 1);
        slots[place] = table;
    }
    free(algebra->text_slots);
    algebra->bytes -= algebra->num_text_slots * (int64_t)sizeof(int32_t);
    algebra->text_slots = slots;
    algebra->num_text_slots = num_slots;
}

static int32_t add_texts(Algebra *algebra, const Texts *wanted, int64_t num_bytes) {
    if (algebra->num_texts == algebra->texts_size)
        algebra->texts = grown(algebra, (void *)algebra->texts, &algebra->texts_size, sizeof(Texts *),
                               algebra->num_texts + 1);
    Texts *texts = take(algebra, sizeof(Texts));
    *texts = *wanted;
    texts->texts = take(algebra, (size_t)wanted->num_texts * sizeof(Text));
    char *data = take(algebra, (size_t)num_bytes);
    for (int32_t i = 0; i < wanted->num_texts; i++) {
        texts->texts[i] = (Text){data, wanted->texts[i].size};
        if (texts->texts[i].size) memcpy(data, wanted->texts[i].data, (size_t)texts->texts[i].size);
        data += texts->texts[i].size;
    }
    algebra->texts[algebra->num_texts] = texts;
    return (int32_t)algebra->num_texts++;
}

Term make_texts(Algebra *algebra, const Text *sorted, int32_t num_texts, int64_t num_bytes) {
    if (2 * algebra->num_texts >= algebra->num_text_slots) rehash(algebra);
    Texts wanted = {hash_of(sorted, num_texts), num_texts, (Text *)sorted};
    int32_t *slots = algebra->text_slots;
    int64_t place = wanted.hash & (algebra->num_text_slots - 1);
    while (slots[place] != UNKNOWN && !same_texts(algebra->texts[slots[place]], &wanted))
        place = (place + 1) & (algebra->num_text_slots - 1);
    if (slots[place] == UNKNOWN) slots[place] = add_texts(algebra, &wanted, num_bytes);
    return make_choice(algebra, slots[place], 0, num_texts, 0);
}
