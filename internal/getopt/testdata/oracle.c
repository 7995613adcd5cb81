/* Tells what the C library's getopt_long makes of a command line: one line for each option, then the operands; behind a NUL, what it says to
   standard error. The first field is "+" to stop at the first operand, else ""; then follow argv[0] and the arguments. */
#define _GNU_SOURCE
#include <getopt.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../../test/oracle/oracle.h"

static const struct option options[] = {
	{"all", no_argument, 0, 'a'},
	{"config", required_argument, 0, 'C'},
	{"force", no_argument, 0, 'f'},
	{"force-vermagic", no_argument, 0, 1},
	{"ignore-install", no_argument, 0, 'i'},
	{"ignore-remove", no_argument, 0, 'i'},
	{"quiet", no_argument, 0, 'q'},
	{"verbose", no_argument, 0, 'v'},
	{"version", no_argument, 0, 'V'},
	{"wait", required_argument, 0, 'w'},
	{0, 0, 0, 0},
};

static void parse(FILE *out, const char *plus, char **argv)
{
	int argc = 0, option;
	char letters[32];
	while (argv[argc])
		argc++;
	snprintf(letters, sizeof letters, "%saC:fiqvVw:", plus);
	optind = 0; /* to glibc: begin anew */
	while ((option = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (option == '?')
			return;
		if (option == 1)
			fprintf(out, "force-vermagic\n");
		else
			fprintf(out, "%c=%s\n", option, strchr("Cw", option) ? optarg : "");
	}
	for (; optind < argc; optind++)
		fprintf(out, "operand %s\n", argv[optind]);
}

int main(void)
{
	int errors = memfd_create("stderr", 0);
	if (errors < 0 || dup2(errors, STDERR_FILENO) < 0)
		return 1;
	for (;;) {
		char **fields = ask(), *said;
		size_t size;
		FILE *out = open_memstream(&said, &size);
		if (!out)
			return 1;
		parse(out, fields[0], fields + 1);
		fputc(0, out);
		fflush(stderr);
		off_t length = lseek(errors, 0, SEEK_END);
		for (off_t at = 0; at < length; at++) {
			char c;
			if (pread(errors, &c, 1, at) != 1)
				return 1;
			fputc(c, out);
		}
		if (ftruncate(errors, 0) < 0 || lseek(errors, 0, SEEK_SET) < 0)
			return 1;
		fclose(out);
		answer(said, size);
		free(said);
	}
}
