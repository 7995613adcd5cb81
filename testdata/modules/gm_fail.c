// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Its init fails with the errno it is told. */
#include <linux/errno.h>
#include <linux/module.h>

static int err = ENODEV;
module_param(err, int, 0444);
MODULE_PARM_DESC(err, "positive errno that init gives; 0 lets it succeed");

static int __init gm_fail_init(void)
{
	return -err;
}
module_init(gm_fail_init);

static void __exit gm_fail_exit(void)
{
}
module_exit(gm_fail_exit);

MODULE_DESCRIPTION("fails with a chosen errno");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
