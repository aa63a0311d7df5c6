package io.circuitscript.render;

import java.awt.GraphicsEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Tries out how pictures are drawn on this machine, with a small one. */
public final class DrawingCheck {
    private static final String SMALL = "digraph { input -> logits }";

    private DrawingCheck() {}

    /** Graphviz's own command, where it is installed. */
    public static Optional<Path> dotCommand() {
        return DotCommand.find();
    }

    /**
     * Draws a small picture.
     *
     * @param cacheFolder where the bundled Graphviz unpacks its library
     * @throws io.circuitscript.source.UserError where that fails, or takes longer than the limit
     */
    public static void draw(Supplier<Path> cacheFolder, Duration limit) {
        DrawingDeadline deadline = new DrawingDeadline(limit, () -> {});
        Optional<Path> dot = DotCommand.find();
        if (dot.isPresent()) new DotCommand(dot.get(), deadline).draw(SMALL, "svg");
        else new BundledGraphviz(cacheFolder.get(), deadline).svg(SMALL);
    }

    /** The font family of pictures. */
    public static String font() {
        return CircuitPicture.FONT;
    }

    /** Whether that font family is installed. Where there are no fonts at all, AWT throws what comes to hand, which means no as well. */
    public static boolean hasFont() {
        try {
            return List.of(GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames())
                    .contains(CircuitPicture.FONT);
        } catch (RuntimeException | InternalError | LinkageError noFonts) {
            return false;
        }
    }
}
