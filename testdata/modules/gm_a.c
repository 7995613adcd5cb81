// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The head of the chain gm_a -> gm_b -> gm_c. */
#include "gm.h"

static int start = 1;
module_param(start, int, 0444);
MODULE_PARM_DESC(start, "what the sum begins with");

static int sum;
module_param(sum, int, 0444);
MODULE_PARM_DESC(sum, "2*start + 3 once the chain is loaded");

static int __init gm_a_init(void)
{
	sum = gm_b_value(start);
	return 0;
}
module_init(gm_a_init);

static void __exit gm_a_exit(void)
{
}
module_exit(gm_a_exit);

MODULE_DESCRIPTION("needs gm_b, which needs gm_c");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
