/* Reads a YAML file as libyaml's events and prints how many there are: the floor for any reader on libyaml. */
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (file == NULL) return fprintf(stderr, "usage: yaml-scan FILE\n"), 2;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  unsigned char *text = malloc(size > 0 ? (size_t)size : 1);
  if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) return 1;

  yaml_parser_t parser;
  yaml_event_t event;
  long count = 0;
  int last;
  yaml_parser_initialize(&parser);
  yaml_parser_set_input_string(&parser, text, (size_t)size);
  do {
    if (!yaml_parser_parse(&parser, &event)) return 1;
    last = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    count++;
  } while (!last);
  printf("%ld\n", count);
  return 0;
}
