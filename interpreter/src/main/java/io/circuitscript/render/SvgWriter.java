package io.circuitscript.render;

import io.circuitscript.io.AtomicFile;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** Writes an SVG picture to a file, in the format of its extension. */
public final class SvgWriter {
    private SvgWriter() {}

    private enum Format {
        SVG,
        PNG
    }

    /** @throws UserError where its ending names no format: asked before any work is done for it */
    public static void checkEnding(Path file) {
        format(file);
    }

    /**
     * @param asked asked again and again meanwhile: what it throws ends it
     * @throws UserError where the ending names no format, or the file cannot be written; nothing is half-written
     */
    public static void write(String svg, Path file, Runnable asked) {
        byte[] picture = switch (format(file)) {
            case SVG -> svg.getBytes(StandardCharsets.UTF_8);
            case PNG -> SvgRaster.png(svg, DrawingDeadline.usual(asked));
        };
        AtomicFile.write(file, out -> out.write(picture));
    }

    private static Format format(Path file) {
        String name =
                file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".svg")) return Format.SVG;
        if (name.endsWith(".png")) return Format.PNG;
        String message = "the name " + file + " does not say what kind of picture it is";
        throw UserError.input(ErrorCode.UNKNOWN_FORMAT, message, "end its name in .svg or .png");
    }
}
