// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * modules.devname gets a line for it; opening /dev/gm/node (60:7) makes the kernel ask for char-major-60-7.
 * 60 to 63 are majors for local use, and the kernel hands them out to nobody, as it does with 240 to 254.
 */
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>

#define GM_MAJOR 60
#define GM_MINOR 7

static const struct file_operations gm_devname_fops = {
	.owner = THIS_MODULE,
};

static int __init gm_devname_init(void)
{
	return register_chrdev(GM_MAJOR, "gm_devname", &gm_devname_fops);
}
module_init(gm_devname_init);

static void __exit gm_devname_exit(void)
{
	unregister_chrdev(GM_MAJOR, "gm_devname");
}
module_exit(gm_devname_exit);

MODULE_ALIAS_CHARDEV(GM_MAJOR, GM_MINOR);
MODULE_ALIAS("devname:gm/node");
MODULE_DESCRIPTION("comes when its device node is opened");
MODULE_AUTHOR("The gomod authors");
MODULE_LICENSE("Dual MIT/GPL");
