// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Aliases of every shape that a pattern can have. */
#include <linux/module.h>

static int __init gm_alias_init(void)
{
	return 0;
}
module_init(gm_alias_init);

static void __exit gm_alias_exit(void)
{
}
module_exit(gm_alias_exit);

MODULE_ALIAS("gm_plain_alias");
MODULE_ALIAS("gm-alias-with-dashes");
MODULE_ALIAS("gm:v0000B0A1d*sv*");
MODULE_ALIAS("gm:question-?");
MODULE_ALIAS("gm:set-[ab]");
MODULE_ALIAS("gm:range-[0-9a-f]x");
MODULE_ALIAS("gm:not-[!a-c]");
MODULE_ALIAS("symbol:gm_made_up");
MODULE_ALIAS("gm_c");
MODULE_DESCRIPTION("aliases of every shape; one is the name of another module");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
