// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A parameter of every type; /sys/module/gm_params/parameters shows what each became. */
#include <linux/module.h>

#define GM_PARAM(type, ctype, initial)                 \
	static ctype a_##type = initial;               \
	module_param(a_##type, type, 0444);            \
	MODULE_PARM_DESC(a_##type, "of type " #type)

GM_PARAM(bool, bool, false);
GM_PARAM(invbool, bool, false);
GM_PARAM(bint, int, 0);
GM_PARAM(byte, unsigned char, 8);
GM_PARAM(short, short, -16);
GM_PARAM(ushort, unsigned short, 16);
GM_PARAM(int, int, -32);
GM_PARAM(uint, unsigned int, 32);
GM_PARAM(long, long, -64);
GM_PARAM(ulong, unsigned long, 64);
GM_PARAM(ullong, unsigned long long, 640);
GM_PARAM(hexint, unsigned int, 0x20);
GM_PARAM(charp, char *, "pointed at");

static char a_string[16] = "copied";
module_param_string(a_string, a_string, sizeof(a_string), 0444);
MODULE_PARM_DESC(a_string, "copied into 16 bytes, the last one NUL");

static int ints[4] = { 1, 2, 3, 4 };
static int ints_given;
module_param_array(ints, int, &ints_given, 0444);
MODULE_PARM_DESC(ints, "up to four numbers; ints_given says how many came");
module_param(ints_given, int, 0444);
MODULE_PARM_DESC(ints_given, "number of elements of ints");

static char *words[3] = { "one", "two", "three" };
module_param_array(words, charp, NULL, 0444);
MODULE_PARM_DESC(words, "up to three words");

static bool switches[2];
module_param_array_named(toggles, switches, bool, NULL, 0444);
MODULE_PARM_DESC(toggles, "an array that the source calls switches");

static int inner;
module_param_named(outer, inner, int, 0444);
MODULE_PARM_DESC(outer, "named: the source calls it inner");

static int writable;
module_param(writable, int, 0644);
MODULE_PARM_DESC(writable, "can be set through sysfs\nand has a second line: with a colon");

static int unseen;
module_param(unseen, int, 0);
MODULE_PARM_DESC(unseen, "not in sysfs");

static int undescribed;
module_param(undescribed, int, 0444);

MODULE_PARM_DESC(untyped, "described, but there is no such parameter");

static int __init gm_params_init(void)
{
	return 0;
}
module_init(gm_params_init);

static void __exit gm_params_exit(void)
{
}
module_exit(gm_params_exit);

MODULE_DESCRIPTION("parameters of every type");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
