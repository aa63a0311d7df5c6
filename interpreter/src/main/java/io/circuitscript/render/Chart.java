package io.circuitscript.render;

/** A chart as SVG, for a file of its own or inside a page. The same numbers give the same text. */
public sealed interface Chart permits LineChart, TableChart, Histogram, SampleHistogram, HeatMap {
    String svg();
}
