/* The Python object of a packed trie. */
#ifndef LLMPOST_TRIE_H
#define LLMPOST_TRIE_H

#include <Python.h>

#include "walk.h"

typedef struct { PyObject_HEAD Trie trie; } TrieObject;

extern PyTypeObject trie_type;

#endif
