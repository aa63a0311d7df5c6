package io.circuitscript.render;

import io.circuitscript.io.AtomicFile;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes a picture given as DOT to a file, in the format of its extension. An installed {@code dot} draws it, else the
 * bundled Graphviz. The same text gives the same bytes on the same machine.
 */
public final class PictureWriter {
    private static final String ENDINGS = "end its name in .png, .svg, .dot or .pdf";

    /** The bundled Graphviz takes about 15 seconds for as many, and minutes for twice as many. */
    private static final int MOST_BUNDLED = 2_000;

    private final Optional<Path> dotCommand;
    private final Supplier<Path> cacheFolder;
    private final DrawingDeadline deadline;

    /**
     * @param cacheFolder where the bundled Graphviz unpacks its library: a folder that nobody else can write to
     * @param asked asked again and again while Graphviz works: what it throws ends that
     */
    public PictureWriter(Supplier<Path> cacheFolder, Runnable asked) {
        this(cacheFolder, DotCommand.find(), DrawingDeadline.usual(asked));
    }

    PictureWriter(Path cacheFolder, Optional<Path> dotCommand, DrawingDeadline deadline) {
        this(() -> cacheFolder, dotCommand, deadline);
    }

    private PictureWriter(Supplier<Path> cacheFolder, Optional<Path> dotCommand, DrawingDeadline deadline) {
        this.cacheFolder = cacheFolder;
        this.dotCommand = dotCommand;
        this.deadline = deadline;
    }

    private enum Format {
        DOT,
        SVG,
        PNG,
        PDF
    }

    /**
     * Whether a picture can be written to such a file: asked before any work is done for it.
     *
     * @throws UserError where its ending names no format, or one that this machine cannot draw
     */
    public static void checkEnding(Path file) {
        if (format(file) == Format.PDF && DotCommand.find().isEmpty()) throw noPdf(file);
    }

    /** @throws UserError where the ending names no format, Graphviz fails, or the file cannot be written; nothing is half-written */
    public void write(String dot, Path file) {
        byte[] picture = switch (format(file)) {
            case DOT -> dot.getBytes(StandardCharsets.UTF_8);
            case SVG -> svg(dot);
            case PNG -> png(dot);
            case PDF -> new DotCommand(dotCommand.orElseThrow(() -> noPdf(file)), deadline).draw(dot, "pdf");
        };
        AtomicFile.write(file, out -> out.write(picture));
    }

    /** @throws UserError where the ending names a format that only Graphviz writes */
    public static void checkDrawnByUs(Path file) {
        if (!needsGraphviz(file)) return;
        throw UserError.input(
                ErrorCode.UNKNOWN_FORMAT,
                "a grid is drawn as svg or png, and not as " + file,
                "end its name in .svg or .png, or say layout=flow");
    }

    /** Whether only Graphviz writes such a file. */
    public static boolean needsGraphviz(Path file) {
        return switch (format(file)) {
            case DOT, PDF -> true;
            case SVG, PNG -> false;
        };
    }

    /** Whether as many lines can be written to the file in reasonable time: text always can. */
    public boolean canFlow(int lines, Path file) {
        return format(file) == Format.DOT || dotCommand.isPresent() || lines <= MOST_BUNDLED;
    }

    private byte[] svg(String dot) {
        return dotCommand.isPresent()
                ? new DotCommand(dotCommand.get(), deadline).draw(dot, "svg")
                : bundled(dot).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] png(String dot) {
        return dotCommand.isPresent()
                ? new DotCommand(dotCommand.get(), deadline).draw(dot, "png")
                : SvgRaster.png(bundled(dot), deadline);
    }

    private String bundled(String dot) {
        return new BundledGraphviz(cacheFolder.get(), deadline).svg(dot);
    }

    private static UserError noPdf(Path file) {
        return UserError.failure(
                ErrorCode.NO_DOT,
                "a picture as pdf, " + file + ", needs the command `dot`, which this machine does not have",
                "install Graphviz, or end the name in .svg");
    }

    private static Format format(Path file) {
        String name =
                file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        String ending = name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
        return switch (ending) {
            case "dot", "gv" -> Format.DOT;
            case "svg" -> Format.SVG;
            case "png" -> Format.PNG;
            case "pdf" -> Format.PDF;
            default ->
                throw UserError.input(
                        ErrorCode.UNKNOWN_FORMAT,
                        "the name " + file + " does not say what kind of picture it is",
                        ENDINGS);
        };
    }
}
