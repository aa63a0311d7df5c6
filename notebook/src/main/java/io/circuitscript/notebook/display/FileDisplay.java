package io.circuitscript.notebook.display;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A picture or a report that a statement wrote, as it is shown in a cell.
 *
 * @param mime how it is shown
 * @param data as a message has it
 * @param size in pixels, where it is shown smaller than it is
 */
public record FileDisplay(String mime, String data, Optional<Size> size) {
    /** Of a picture, in pixels. */
    public record Size(int width, int height) {}

    /** A larger file is named and not shown: it would be in the notebook as well. */
    private static final long LARGEST = 8L << 20;

    /** In pixels, as wide as a cell beside the list of files in a window of 1100. JupyterLab shows drawings as they are, whatever the width of the cell. */
    private static final int WIDEST = 640;

    /** For notebooks that do make a drawing as small as the cell. */
    private static final String SHRINKING = " style=\"max-width:100%;height:auto\"";

    /** Where a PNG has its width and its height. */
    private static final int PNG_SIZE = 16;

    /** Pixels of a point. */
    private static final double POINT = 96.0 / 72;

    /** The size of a drawing in its first tag. */
    private static final Pattern SIZE = Pattern.compile(
            "<svg\\b[^>]*?\\s(?<size>width=\"(?<width>[0-9]{1,7}(?:\\.[0-9]{1,9})?)(?<unit>pt|px|)\"\\s+height=\"(?<height>[0-9]{1,7}(?:\\.[0-9]{1,9})?)\\k<unit>\")");

    /** Empty where the file is of another kind, or too large, or gone. */
    public static Optional<FileDisplay> of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) return Optional.empty();
            if (name.endsWith(".png")) return Optional.of(picture(Files.readAllBytes(file)));
            if (name.endsWith(".svg"))
                return Optional.of(new FileDisplay(
                        "image/svg+xml", fitting(Files.readString(file, StandardCharsets.UTF_8)), Optional.empty()));
            if (name.endsWith(".html") || name.endsWith(".htm"))
                return Optional.of(new FileDisplay(
                        "text/html", page(Files.readString(file, StandardCharsets.UTF_8)), Optional.empty()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A picture that is no wider than a cell, as the same drawing is. */
    private static FileDisplay picture(byte[] png) {
        Optional<Size> size = png.length < PNG_SIZE + 2 * Integer.BYTES
                ? Optional.empty()
                : Optional.of(ByteBuffer.wrap(png, PNG_SIZE, 2 * Integer.BYTES))
                        .map(it -> new Size(it.getInt(), it.getInt()))
                        .filter(it -> it.width() > WIDEST && it.height() > 0)
                        .map(it ->
                                new Size(WIDEST, Math.max(1, Math.round(it.height() * (float) WIDEST / it.width()))));
        return new FileDisplay("image/png", Base64.getEncoder().encodeToString(png), size);
    }

    /** A drawing that is no wider than a cell. */
    static String fitting(String svg) {
        Matcher size = SIZE.matcher(svg);
        if (!size.find() || !svg.contains("viewBox")) return svg;
        String tag = svg.substring(size.start(), svg.indexOf('>', size.start()));
        String style = tag.contains(" style=") ? "" : SHRINKING;
        double scale = size.group("unit").equals("pt") ? POINT : 1;
        double width = Double.parseDouble(size.group("width")) * scale;
        if (width <= WIDEST) return svg.substring(0, size.end("size")) + style + svg.substring(size.end("size"));
        double height = Double.parseDouble(size.group("height")) * scale * WIDEST / width;
        String fits = String.format(Locale.ROOT, "width=\"%d\" height=\"%d\"", WIDEST, Math.round(height));
        return svg.substring(0, size.start("size")) + fits + style + svg.substring(size.end("size"));
    }

    /** A page of its own in the cell: its scripts run, and reach neither the notebook nor what it knows. */
    private static String page(String html) {
        return "<iframe sandbox=\"allow-scripts\" title=\"report\" style=\"width:100%;height:50em;resize:vertical;border:1px solid "
                + Html.RULE + ";border-radius:4px\" srcdoc=\"" + Html.escaped(html) + "\"></iframe>";
    }
}
