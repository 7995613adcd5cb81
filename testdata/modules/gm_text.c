// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Texts that a program which shows them has to take care of. */
#include <linux/module.h>

static int level;
module_param(level, int, 0444);
MODULE_PARM_DESC(level, "\033[31mred\033[0m, a\n\ttab and a colon: at the end");

static int blank;
module_param(blank, int, 0444);
MODULE_PARM_DESC(blank, "");

static int __init gm_text_init(void)
{
	return 0;
}
module_init(gm_text_init);

static void __exit gm_text_exit(void)
{
}
module_exit(gm_text_exit);

MODULE_AUTHOR("First Author <first@example.org>");
MODULE_AUTHOR("Zweiter Ärmel-Größe, 第三 <second@example.org>");
MODULE_DESCRIPTION("first line\nsecond line\twith a tab, a \"quote\" and a back\\slash");
MODULE_DESCRIPTION("");
MODULE_VERSION("1.2-beta+3");
MODULE_FIRMWARE("gm/first.bin");
MODULE_FIRMWARE("gm/second.bin");
MODULE_INFO(a_key_longer_than_15, "follows its key without a blank");
MODULE_INFO(exactly_15_byte, "a key of 15 bytes fills the column");
MODULE_INFO(terminal, "\033[31mred\033[0m bell\a back\b\rreturn del\177 \033]0;title\a");
/* U+009B, which a terminal may take for ESC [, and U+202E, which turns the direction of writing. */
MODULE_INFO(unicode, "\302\23331m \342\200\256nrut");
MODULE_INFO(latin1, "na\357ve is not UTF-8");
MODULE_INFO(equals, "a=b=c");
MODULE_LICENSE("Dual MIT/GPL");
