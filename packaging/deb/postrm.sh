# dpkg does not call prerm for a package that is only unpacked, so the tools may still be to give back.
case "$1" in
remove | abort-install | disappear)
	give_back
	documents give_up_diversion
	;;
esac
