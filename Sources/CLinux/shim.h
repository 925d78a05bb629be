// What the Swift overlay of glibc doesn't show.
#pragma once

// mallopt(3).
#include <malloc.h>

// setns(2): moves the calling thread to another namespace. Its declaration stands behind _GNU_SOURCE.
extern int setns(int file, int type);
