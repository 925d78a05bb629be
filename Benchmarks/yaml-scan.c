/* Scans a file's YAML events with libyaml and does nothing with them: what reading YAML costs at the least.
 *
 *   yaml-scan FILE        prints the number of events
 *
 * Build: cc -O2 -o yaml-scan yaml-scan.c $(pkg-config --cflags --libs yaml-0.1)
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static unsigned char *read_file(const char *name, size_t *size) {
  FILE *file = fopen(name, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) return NULL;
  long end = ftell(file);
  if (end < 0 || fseek(file, 0, SEEK_SET) != 0) return NULL;
  unsigned char *bytes = malloc((size_t)end + 1);
  if (!bytes) return NULL;
  *size = fread(bytes, 1, (size_t)end, file);
  if (*size != (size_t)end) return NULL;
  fclose(file);
  return bytes;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fputs("usage: yaml-scan FILE\n", stderr);
    return 2;
  }
  size_t size = 0;
  unsigned char *bytes = read_file(argv[1], &size);
  if (!bytes) {
    fprintf(stderr, "yaml-scan: %s: %s\n", argv[1], strerror(errno));
    return 1;
  }
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) return 1;
  yaml_parser_set_input_string(&parser, bytes, size);
  unsigned long events = 0;
  for (int done = 0; !done; events++) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) {
      fprintf(stderr, "yaml-scan: %s:%zu: %s\n", argv[1], parser.problem_mark.line + 1, parser.problem);
      return 1;
    }
    done = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  free(bytes);
  printf("%lu\n", events);
  return 0;
}
