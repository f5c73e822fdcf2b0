/* Partitions of the 256 bytes into classes that no transition tells apart: hash-consed, and refined with a memory.
 *
 * A term's transitions are one entry a class, not one a byte: a row costs what its term has to tell apart. */
#include "terms.h"

#include <stdlib.h>
#include <string.h>

static uint32_t hash_of(const uint8_t class_of[256]) {
    uint64_t hash = 0;
    for (int i = 0; i < 32; i++) {
        uint64_t word;
        memcpy(&word, class_of + 8 * i, 8);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash ^ hash >> 32);
}

static void rehash(Algebra *algebra) {
    int64_t num_slots = 0, wanted = algebra->num_partition_slots ? 2 * algebra->num_partition_slots : 64;
    const Partition **slots = grown(algebra, NULL, &num_slots, sizeof(Partition *), wanted);
    memset((void *)slots, 0, (size_t)num_slots * sizeof(Partition *));
    for (int64_t i = 0; i < algebra->num_partition_slots; i++) {
        if (!algebra->partitions[i]) continue;
        int64_t place = algebra->partitions[i]->hash & (num_slots - 1);
        while (slots[place]) place = (place + 1) & (num_slots - 1);
        slots[place] = algebra->partitions[i];
    }
    free((void *)algebra->partitions);
    algebra->bytes -= algebra->num_partition_slots * (int64_t)sizeof(Partition *);
    algebra->partitions = slots;
    algebra->num_partition_slots = num_slots;
}

/* Classes are numbered by their lowest byte, so that equal partitions are equal maps. */
static const Partition *intern(Algebra *algebra, Partition *wanted) {
    if (2 * algebra->num_partitions >= algebra->num_partition_slots) rehash(algebra);
    wanted->hash = hash_of(wanted->class_of);
    int64_t place = wanted->hash & (algebra->num_partition_slots - 1);
    for (; algebra->partitions[place]; place = (place + 1) & (algebra->num_partition_slots - 1))
        if (algebra->partitions[place]->hash == wanted->hash &&
            memcmp(algebra->partitions[place]->class_of, wanted->class_of, 256) == 0)
            return algebra->partitions[place];
    wanted->id = (int32_t)algebra->num_partitions;
    Partition *fresh = take(algebra, sizeof(Partition));
    *fresh = *wanted;
    algebra->partitions[place] = fresh;
    algebra->num_partitions++;
    return fresh;
}

const Partition *one_class(Algebra *algebra) {
    Partition partition = {.num_classes = 1};
    return intern(algebra, &partition);
}

const Partition *partition_of(Algebra *algebra, const Term targets[256], Term *entries) {
    Partition partition = {.num_classes = 0};
    for (int byte = 0; byte < 256; byte++) {
        int32_t class = byte && targets[byte] == targets[byte - 1] ? partition.class_of[byte - 1] : 0;
        while (class < partition.num_classes && entries[class] != targets[byte]) class++;
        if (class == partition.num_classes) {
            entries[class] = targets[byte];
            partition.sample[class] = (uint8_t)byte;
            partition.num_classes++;
        }
        partition.class_of[byte] = (uint8_t)class;
    }
    return intern(algebra, &partition);
}

static const Partition *refine_anew(Algebra *algebra, const Partition *first, const Partition *second) {
    static const uint16_t fresh = 0xFFFF;
    uint16_t number[256]; /* a small hash table from pairs of classes to classes */
    uint32_t pairs[256];
    Partition partition = {.num_classes = 0};
    memset(number, 0xFF, sizeof number);
    for (int byte = 0; byte < 256; byte++) {
        uint32_t pair = (uint32_t)first->class_of[byte] << 8 | second->class_of[byte];
        uint32_t place = (pair * 0x9E3779B1u) >> 24;
        while (number[place] != fresh && pairs[place] != pair) place = (place + 1) & 255;
        if (number[place] == fresh) {
            number[place] = (uint16_t)partition.num_classes;
            pairs[place] = pair;
            partition.sample[partition.num_classes++] = (uint8_t)byte;
        }
        partition.class_of[byte] = (uint8_t)number[place];
    }
    return intern(algebra, &partition);
}

static void remember(Algebra *algebra, uint64_t pair, const Partition *refined) {
    if (2 * algebra->num_refined >= algebra->num_refined_slots) {
        int64_t num_slots = 0, wanted = algebra->num_refined_slots ? 2 * algebra->num_refined_slots : 64;
        Refined *slots = grown(algebra, NULL, &num_slots, sizeof(Refined), wanted);
        memset(slots, 0, (size_t)num_slots * sizeof(Refined));
        for (int64_t i = 0; i < algebra->num_refined_slots; i++) {
            if (!algebra->refined[i].refined) continue;
            int64_t place = (int64_t)(algebra->refined[i].pair * 0x9E3779B97F4A7C15u >> 32) & (num_slots - 1);
            while (slots[place].refined) place = (place + 1) & (num_slots - 1);
            slots[place] = algebra->refined[i];
        }
        free(algebra->refined);
        algebra->bytes -= algebra->num_refined_slots * (int64_t)sizeof(Refined);
        algebra->refined = slots;
        algebra->num_refined_slots = num_slots;
    }
    int64_t place = (int64_t)(pair * 0x9E3779B97F4A7C15u >> 32) & (algebra->num_refined_slots - 1);
    while (algebra->refined[place].refined) place = (place + 1) & (algebra->num_refined_slots - 1);
    algebra->refined[place] = (Refined){pair, refined};
    algebra->num_refined++;
}

/* The coarsest partition that tells apart what either does. */
const Partition *refine(Algebra *algebra, const Partition *first, const Partition *second) {
    if (first == second || second->num_classes == 1) return first;
    if (first->num_classes == 1) return second;
    uint64_t pair = (uint64_t)(uint32_t)first->id << 32 | (uint32_t)second->id;
    int64_t last = algebra->num_refined_slots - 1;
    if (last >= 0)
        for (int64_t place = (int64_t)(pair * 0x9E3779B97F4A7C15u >> 32) & last; algebra->refined[place].refined;
             place = (place + 1) & last)
            if (algebra->refined[place].pair == pair) return algebra->refined[place].refined;
    const Partition *refined = refine_anew(algebra, first, second);
    remember(algebra, pair, refined);
    return refined;
}
