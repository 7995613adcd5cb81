// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Needs a symbol that nobody exports. */
#include "gm.h"

static int __init gm_missing_init(void)
{
	return gm_nobody_exports_this(0);
}
module_init(gm_missing_init);

static void __exit gm_missing_exit(void)
{
}
module_exit(gm_missing_exit);

MODULE_DESCRIPTION("needs a symbol that nobody exports");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
