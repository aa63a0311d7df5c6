package io.circuitscript.render;

/** A picture of numbers, as SVG: a text that stands alone in a file and inside a page. The same numbers give the same text. */
public sealed interface Chart permits LineChart, Histogram, HeatMap {
    String svg();
}
