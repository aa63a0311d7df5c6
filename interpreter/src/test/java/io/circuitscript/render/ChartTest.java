package io.circuitscript.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.UserError;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

class ChartTest {
    private static LineChart.Point point(double x, double y, double half) {
        return new LineChart.Point(x, y, OptionalDouble.of(y - half), OptionalDouble.of(y + half));
    }

    private static LineChart curves(String label) {
        List<LineChart.Point> points =
                List.of(point(0, 0, 0), point(.001, .1, .05), point(.1, .6, .05), point(1, 1, 0));
        return new LineChart(
                "Title",
                "a < b & \"c\"",
                new LineChart.Axis("across", true, true, List.of()),
                new LineChart.Axis("up", false, false, List.of(0.0, 1.0)),
                List.of(
                        new LineChart.Line(label, 0, false, points),
                        new LineChart.Line(label + " 2", 1, true, points)));
    }

    private static HeatMap heat() {
        double[][] values = {{0, .5, -1}, {.25, 0, 1}};
        return new HeatMap(
                "Heat", "sub", "layer", "position", List.of("0", "1"), List.of("The", "war", "<x>"), values, "change");
    }

    private static TableChart.Place place(double x, double... values) {
        double mean = DoubleStream.of(values).average().orElseThrow();
        return new TableChart.Place(
                x,
                mean,
                values.length > 1 ? OptionalDouble.of(0.5) : OptionalDouble.empty(),
                DoubleStream.of(values).boxed().toList());
    }

    private static TableChart table(TableChart.Kind kind, List<String> categories) {
        return new TableChart(
                "f by size",
                "sub",
                kind,
                new TableChart.Axis("size", false),
                categories,
                new TableChart.Axis("f", true),
                "method",
                List.of(
                        new TableChart.Series("eap", List.of(place(0, -1, 1), place(1, 0.5))),
                        new TableChart.Series("a & b", List.of(place(0, 3), place(1, 2, 2.5, 3)))));
    }

    static Stream<Chart> charts() {
        double[] scores = {-.1, 0, 0, 0, .001, .2};
        return Stream.of(
                curves("one"),
                curves("a long label that takes most of the width of a chart, and then a little more"),
                new LineChart(
                        "Empty",
                        "",
                        new LineChart.Axis("x", true, true, List.of()),
                        new LineChart.Axis("y", false, false, List.of()),
                        List.of()),
                new Histogram("Scores", "", "score", scores, new double[] {.2}, "all", "chosen"),
                new Histogram("Nothing", "", "score", new double[0], new double[0], "all", "chosen"),
                new Histogram("All the same", "", "score", new double[] {3, 3, 3}, new double[0], "all", "chosen"),
                heat(),
                table(TableChart.Kind.LINE, List.of()),
                table(TableChart.Kind.POINTS, List.of("a", "a text that is longer than its room on the axis")),
                table(TableChart.Kind.BARS, List.of("a", "<b>")),
                new TableChart(
                        "One point",
                        "",
                        TableChart.Kind.LINE,
                        new TableChart.Axis("x", true),
                        List.of(),
                        new TableChart.Axis("y", false),
                        "",
                        List.of(new TableChart.Series("", List.of(place(0, 0))))),
                new TableChart(
                        "Nothing",
                        "",
                        TableChart.Kind.BARS,
                        new TableChart.Axis("x", false),
                        List.of("a"),
                        new TableChart.Axis("y", false),
                        "by",
                        List.of()),
                new HeatMap("Zeros", "", "layer", "position", List.of("0"), List.of("a"), new double[1][1], "change"));
    }

    private static Document parsed(Chart chart) throws Exception {
        byte[] bytes = chart.svg().getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
    }

    @ParameterizedTest
    @MethodSource("charts")
    void everyChartIsAWholePicture(Chart chart, @TempDir Path folder) throws Exception {
        assertNotNull(parsed(chart));
        assertFalse(chart.svg().contains("NaN") || chart.svg().contains("Infinity"), chart.svg());
        assertEquals(chart.svg(), chart.svg());
        SvgWriter.write(chart.svg(), folder.resolve("chart.png"), () -> {});
        assertNotNull(ImageIO.read(folder.resolve("chart.png").toFile()));
        SvgWriter.write(chart.svg(), folder.resolve("chart.svg"), () -> {});
        assertEquals(chart.svg(), Files.readString(folder.resolve("chart.svg")));
    }

    /** The two lines have four points each, of which those at 0 have no place on a logarithmic axis. */
    @Test
    void pointsAreWhereTheirNumbersAre() throws Exception {
        Document svg = parsed(curves("one"));
        String[] way = svg.getElementsByTagName("polyline")
                .item(0)
                .getAttributes()
                .getNamedItem("points")
                .getNodeValue()
                .split("[ ,]");
        assertEquals(6, way.length);
        double[] x = {Double.parseDouble(way[0]), Double.parseDouble(way[2]), Double.parseDouble(way[4])};
        double[] y = {Double.parseDouble(way[1]), Double.parseDouble(way[3]), Double.parseDouble(way[5])};
        assertEquals(2.0 / 3, (x[1] - x[0]) / (x[2] - x[0]), 1e-3, "three decades");
        assertEquals(5.0 / 9, (y[0] - y[1]) / (y[0] - y[2]), 1e-3, "0.1, 0.6, 1");
        assertTrue(curves("one").svg().contains(">100%<") && curves("one").svg().contains(">0.1%<"));
    }

    @Test
    void coloursSayTheSign() {
        assertEquals("#FFFFFF", Palette.diverging(0));
        assertEquals("#0072B2", Palette.diverging(1));
        assertEquals("#D55E00", Palette.diverging(-2));
        assertTrue(heat().svg().contains("&lt;x&gt;"));
    }

    @Test
    void ticksAreRoundNumbers() {
        assertEquals(
                List.of(0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
                AxisScale.linear(0, 1, 0, 100).ticks());
        assertEquals(
                List.of(.001, .002, .005, .01, .02, .05, .1, .2, .5, 1.0),
                AxisScale.logarithmic(.001, 1, 0, 100).ticks());
        assertEquals("−0.05", AxisScale.text(-0.05));
    }

    @Test
    void ticksOfSmallAndOfLargeNumbersAreShort() {
        assertEquals(List.of("−2e−6", "−1e−6", "0", "1e−6", "2e−6"), labels(AxisScale.linear(-2e-6, 2e-6, 0, 100), 1));
        assertEquals(List.of("0", "1e−4", "2e−4", "3e−4"), labels(AxisScale.linear(0, 3e-4, 0, 100), 2));
        assertEquals(List.of("0", "4e6", "8e6"), labels(AxisScale.linear(0, 1e7, 0, 100), 2));
        assertEquals("1.25e−7", AxisScale.text(1.25e-7));
        assertEquals("0.0005", AxisScale.text(5e-4));
    }

    /** Of every so many ticks. */
    private static List<String> labels(AxisScale scale, int every) {
        List<Double> ticks = scale.ticks();
        return IntStream.range(0, ticks.size())
                .filter(i -> i % every == 0)
                .mapToObj(i -> scale.label(ticks.get(i)))
                .toList();
    }

    @Test
    void aNameWithoutAKindOfPictureIsRefused() {
        assertThrows(UserError.class, () -> SvgWriter.checkEnding(Path.of("curve.pdf")));
        assertThrows(UserError.class, () -> SvgWriter.checkEnding(Path.of("svg")));
        SvgWriter.checkEnding(Path.of("a.SVG"));
    }

    /** Long texts over few columns leave no empty third beside them. */
    @Test
    void fewColumnsAreAsWideAsWhatStandsOverThem() throws Exception {
        String subtitle = "demo · logit of \" is\" less that of \" are\" · 0 as corrupted, 1 as clean";
        Document svg = parsed(new HeatMap(
                "What patching brings back: a head's output",
                subtitle,
                "layer",
                "head",
                List.of("0"),
                List.of("h0", "h1", "h2", "h3"),
                new double[][] {{1, 0, .5, .1}},
                "recovery"));
        double width = Double.parseDouble(svg.getDocumentElement().getAttribute("width"));
        var cells = svg.getElementsByTagName("rect");
        double right = 0;
        for (int i = 1; i < cells.getLength(); i++) {
            var cell = cells.item(i).getAttributes();
            right = Math.max(
                    right,
                    Double.parseDouble(cell.getNamedItem("x").getNodeValue())
                            + Double.parseDouble(cell.getNamedItem("width").getNodeValue()));
        }
        assertTrue(right > width - 130, right + " of " + width);
    }

    /** The library that draws a PNG drops a space beside an entity. */
    @Test
    void noSpaceStandsBesideAnEntity() {
        String svg =
                new HeatMap("a & b < c \"d\" e", "", "", "", List.of("0"), List.of("x"), new double[1][1], "").svg();
        assertFalse(svg.contains("; ") || svg.contains(" &"), svg);
        assertTrue(svg.contains("&lt;\u00A0c \"d\" e"), svg);
    }
}
