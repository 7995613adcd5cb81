// Prints for each line of standard input what sscanf makes of it as an entry of modules.devname: MODULE|NODE|TYPE|MAJOR|MINOR, or none.
#include <stdio.h>

int main(void)
{
	char line[4096], module[4096], node[4096], type;
	unsigned int major, minor;

	while (fgets(line, sizeof line, stdin)) {
		if (sscanf(line, "%s %s %c%u:%u", module, node, &type, &major, &minor) == 5 && (type == 'b' || type == 'c'))
			printf("%s|%s|%c|%u|%u\n", module, node, type, major, minor);
		else
			puts("none");
	}
	return 0;
}
