package main

import (
	"fmt"
	"strings"
)

// Sizes of the chart, in the units of its view box.
const (
	chartLeft  = 300 // where bars begin
	chartUnit  = 240 // the length of ratio 1
	chartMost  = 2.0 // longer bars are cut
	barHeight  = 11
	groupSpace = 10
)

// chart is an SVG with a group of bars for each work: the ratio of each tool's time to kmod 34.2's, which is the line at 1.
func chart(results []result) string {
	colours := map[string]string{ours: "#0969da", "kmod 30": "#8c959f", "busybox": "#d4a72c"}
	var bars strings.Builder
	y := 40
	for _, r := range results {
		first := y
		for _, p := range peers() {
			ratio, known := r.ratio(p.name)
			if !known || p.name == reference {
				continue
			}
			length := min(ratio, chartMost) * chartUnit
			fmt.Fprintf(&bars, `<rect x="%d" y="%d" width="%.0f" height="%d" fill="%s"/><text x="%.0f" y="%d">%.2f</text>`+"\n",
				chartLeft, y, length, barHeight-2, colours[p.name], chartLeft+length+4, y+barHeight-3, ratio)
			y += barHeight
		}
		if y == first {
			continue
		}
		fmt.Fprintf(&bars, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", chartLeft-8, first+barHeight-3, r.work.name)
		y += groupSpace
	}
	width := chartLeft + int(chartMost*chartUnit) + 60
	var text strings.Builder
	fmt.Fprintf(&text, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="10">`+"\n", width, y+10)
	fmt.Fprintf(&text, `<rect width="%d" height="%d" fill="white"/>`+"\n", width, y+10)
	x := chartLeft
	for _, p := range peers() {
		if colour, shown := colours[p.name]; shown {
			fmt.Fprintf(&text, `<rect x="%d" y="10" width="10" height="10" fill="%s"/><text x="%d" y="19">%s</text>`+"\n", x, colour, x+14, p.name)
			x += 90
		}
	}
	fmt.Fprintf(&text, `<line x1="%d" y1="30" x2="%d" y2="%d" stroke="black"/><text x="%d" y="28">kmod 34.2 = 1</text>`+"\n",
		chartLeft+chartUnit, chartLeft+chartUnit, y, chartLeft+chartUnit+4)
	return text.String() + bars.String() + "</svg>\n"
}
