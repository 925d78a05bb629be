// System calls that the Swift overlay of glibc doesn't show: their declarations stand behind _GNU_SOURCE.
#pragma once

// setns(2): moves the calling thread to another namespace.
extern int setns(int file, int type);
