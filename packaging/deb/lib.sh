# kmod's tools. /bin and /sbin are links to /usr/bin and /usr/sbin, so each of these files has two names. dpkg knows it by one of them,
# kmod 30 by /sbin/modprobe and kmod 34 by /usr/sbin/modprobe, and compares names as text. So both are diverted, and to different places:
# an upgrade from the one to the other puts a file at the new place and then removes the old, which must not be the same.
tools='bin/kmod bin/lsmod sbin/depmod sbin/insmod sbin/lsmod sbin/modinfo sbin/modprobe sbin/rmmod'

# What else of kmod or bash-completion, below /usr/share, has a name that a file of this package has.
pages='depmod.d.5 modprobe.d.5 modules.dep.5 depmod.8 insmod.8 kmod.8 lsmod.8 modinfo.8 modprobe.8 rmmod.8'
completions='depmod insmod kmod lsmod modinfo modprobe rmmod'

exists() {
	[ -e "$1" ] || [ -L "$1" ]
}

is_ours() {
	case $(readlink "$1") in
	gomod | ../bin/gomod) return 0 ;;
	*) return 1 ;;
	esac
}

diverted() {
	[ "$(dpkg-divert --listpackage "$1")" = gomod ]
}

# keeps FILE KEPT: KEPT is there because this package has diverted FILE to it, and is not somebody else's.
keeps() {
	exists "$2" && diverted "$1"
}

# undiverted MODE FILE KEPT: nobody else has diverted FILE.
undiverted() {
	case $(dpkg-divert --listpackage "$2") in
	gomod | '') return 0 ;;
	esac
	echo "gomod: $2 is diverted already: take that diversion away first (dpkg-divert --list '$2')" >&2
	return 1
}

# free MODE FILE KEPT: nothing of anybody else's is in the place of KEPT.
free() {
	if exists "$3" && ! keeps "$2" "$3"; then
		echo "gomod: $3 is in the way: move it elsewhere first" >&2
		return 1
	fi
}

# all_free is looked at before anything is changed. Others' diversions come first: what they keep would be in the way, too.
all_free() {
	local check tool
	for check in undiverted free; do
		for tool in $tools; do
			$check - "/usr/$tool" "/usr/$tool.distrib"
			$check - "/$tool" "/$tool.distrib.usr-is-merged"
		done
		documents $check
	done
}

divert() {
	dpkg-divert --quiet --package gomod "$1" --divert "$3" --add "$2"
}

# give_up_diversion leaves alone what others have diverted.
give_up_diversion() {
	diverted "$2" || return 0
	dpkg-divert --quiet --package gomod "$1" --divert "$3" --remove "$2"
}

# take_over puts a link to gomod in the place of each tool, in one step: a tool is there at every moment, kmod's or gomod's.
# What was done before an interruption is not done again.
take_over() {
	local tool file kept
	for tool in $tools; do
		file=/usr/$tool
		for kept in "$file.distrib" "/$tool.distrib.usr-is-merged"; do
			if exists "$kept" && ! keeps "${kept%.distrib*}" "$kept"; then
				# It came since preinst looked.
				echo "gomod: $kept is in the way: move it elsewhere and run dpkg --configure gomod" >&2
				return 1
			fi
			divert --no-rename "${kept%.distrib*}" "$kept"
		done
		if exists "$file" && ! is_ours "$file" && ! exists "$file.distrib" && ! exists "/$tool.distrib.usr-is-merged"; then
			ln -P "$file" "$(kept_name "$tool")"
		fi
		ln -sfn "$(target "$tool")" "$file.gomod-new"
		mv -fT "$file.gomod-new" "$file"
	done
}

target() {
	case $1 in
	bin/*) echo gomod ;;
	*) echo ../bin/gomod ;;
	esac
}

# kept_name TOOL is where dpkg will look for the file that is now the tool: it depends on the name by which a package has it.
kept_name() {
	if LC_ALL=C dpkg-query -S "/$1" 2>/dev/null | grep -qv '^diversion by '; then
		echo "/$1.distrib.usr-is-merged"
	else
		echo "/usr/$1.distrib"
	fi
}

# put_back KEPT FILE renames. Where take_over was interrupted, both are names of one file, and a renaming would do nothing.
put_back() {
	if [ "$(stat -c %d:%i "$1")" = "$(stat -c %d:%i "$2" 2>/dev/null)" ]; then
		rm -f "$1"
	else
		mv -fT "$1" "$2"
	fi
}

# give_back undoes take_over, again in one step for each tool.
give_back() {
	local tool file other
	for tool in $tools; do
		file=/usr/$tool
		other=/$tool.distrib.usr-is-merged
		rm -f "$file.gomod-new"
		if keeps "$file" "$file.distrib"; then
			put_back "$file.distrib" "$file"
		elif keeps "/$tool" "$other"; then
			put_back "$other" "$file"
		elif is_ours "$file" && diverted "$file"; then
			rm -f "$file"
		fi
		give_up_diversion --no-rename "$file" "$file.distrib"
		give_up_diversion --no-rename "/$tool" "$other"
	done
}

# documents DO runs DO --rename FILE KEPT for each page and completion script.
documents() {
	local page name
	for page in $pages; do
		name=/usr/share/man/man${page##*.}/${page%.*}
		"$1" --rename "$name.${page##*.}.gz" "$name.distrib.${page##*.}.gz"
	done
	for name in $completions; do
		name=/usr/share/bash-completion/completions/$name
		"$1" --rename "$name" "$name.distrib"
	done
}
