// Prints what the C library's getopt_long makes of a command line: one line for each option, then the operands.
// argv[1] is "+" to stop at the first operand, else ""; argv[2] is argv[0] of the command line, the rest its arguments.
#include <getopt.h>
#include <stdio.h>
#include <string.h>

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

int main(int argc, char **argv) {
	char letters[32];
	int option;
	snprintf(letters, sizeof letters, "%saC:fiqvVw:", argv[1]);
	argc -= 2;
	argv += 2;
	while ((option = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (option == '?')
			return 1;
		if (option == 1)
			printf("force-vermagic\n");
		else
			printf("%c=%s\n", option, strchr("Cw", option) ? optarg : "");
	}
	for (; optind < argc; optind++)
		printf("operand %s\n", argv[optind]);
	return 0;
}
