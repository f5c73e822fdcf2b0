/* Sorting the suffixes of a text. Knows no algebra; what it takes it gives back. */
#ifndef LLMPOST_SUFFIXES_H
#define LLMPOST_SUFFIXES_H

#include <stdint.h>

/* 0, or -1 where there is no memory. `order` has room for `size` places; of the numbers all are below `num_symbols`. */
int sort_suffixes(const uint8_t *text, int32_t size, int32_t *order);
int sort_numbers(const int32_t *text, int32_t size, int32_t num_symbols, int32_t *order);

#endif
