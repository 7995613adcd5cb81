// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Stays in the states "coming" and "going" for as long as it is told. */
#include <linux/delay.h>
#include <linux/module.h>

static unsigned int ms = 2000;
module_param(ms, uint, 0444);
MODULE_PARM_DESC(ms, "milliseconds that init sleeps");

static unsigned int exit_ms;
module_param(exit_ms, uint, 0644);
MODULE_PARM_DESC(exit_ms, "milliseconds that exit sleeps");

static int __init gm_sleep_init(void)
{
	msleep(ms);
	return 0;
}
module_init(gm_sleep_init);

static void __exit gm_sleep_exit(void)
{
	msleep(exit_ms);
}
module_exit(gm_sleep_exit);

MODULE_DESCRIPTION("sleeps in init");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
