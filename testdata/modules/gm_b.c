// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The middle of the chain gm_a -> gm_b -> gm_c. */
#include "gm.h"

int gm_b_value(int value)
{
	return gm_c_plain(value) + gm_c_gpl(value);
}
EXPORT_SYMBOL_GPL(gm_b_value);

static int __init gm_b_init(void)
{
	return 0;
}
module_init(gm_b_init);

static void __exit gm_b_exit(void)
{
}
module_exit(gm_b_exit);

MODULE_DESCRIPTION("needs gm_c, and gm_a needs it");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
