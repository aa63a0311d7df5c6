package io.circuitscript.render;

import com.eclipsesource.v8.V8;
import guru.nidi.graphviz.engine.AbstractJsGraphvizEngine;
import guru.nidi.graphviz.engine.Format;
import guru.nidi.graphviz.engine.GraphvizException;
import guru.nidi.graphviz.engine.Options;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The bundled Graphviz: compiled to JavaScript and run by V8. */
record BundledGraphviz(Path cacheFolder, DrawingDeadline deadline) {
    private static final int MEMORY = 256 << 20;

    String svg(String dot) {
        AddressSpace.requireRoom();
        // Letters are measured by AWT, which needs no screen for it.
        if (System.getProperty("java.awt.headless") == null) System.setProperty("java.awt.headless", "true");
        try {
            V8Library.load(cacheFolder);
        } catch (IOException e) {
            throw failure("cannot unpack its library in " + cacheFolder + ": " + e.getMessage());
        } catch (LinkageError | IllegalStateException e) {
            throw failure("does not run on this machine: " + firstLine(e));
        }
        Engine running = new Engine();
        try {
            return deadline.of("graphviz", () -> draw(dot, running), running::stop)
                    .orElseThrow(() -> failure(deadline.failure()));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof OutOfMemoryError full) throw full;
            if (cause instanceof NoFonts) throw failure("found no fonts to measure letters by: " + firstLine(cause));
            if (cause instanceof GraphvizException || cause instanceof LinkageError)
                throw failure("failed: " + firstLine(cause));
            throw new IllegalStateException(cause);
        }
    }

    /** The running V8. If the drawing is stopped before V8 runs, V8 is ended as soon as it does. */
    private static final class Engine {
        private Optional<V8> v8 = Optional.empty();
        private boolean stopped;

        synchronized void made(V8 started) {
            v8 = Optional.of(started);
            if (stopped) started.terminateExecution();
        }

        synchronized void stop() {
            stopped = true;
            v8.ifPresent(V8::terminateExecution);
        }
    }

    private String draw(String dot, Engine running) throws IOException {
        try (MeasuredEngine engine = new MeasuredEngine(cacheFolder, running::made)) {
            String svg = engine.execute(dot, Options.create().format(Format.SVG), null)
                    .asString();
            return svg.replace("=\"transparent\"", "=\"none\""); // SVG 1.1 has no such colour, and its readers warn
        }
    }

    /**
     * Tells Graphviz how wide letters are, for each run anew. The library's own measure takes place once in a process, though every engine
     * starts without it, and is a sixth too narrow.
     */
    private static final class MeasuredEngine extends AbstractJsGraphvizEngine {
        MeasuredEngine(Path cacheFolder, Consumer<V8> made) {
            super(true, () -> new V8Script(cacheFolder, made));
        }

        @Override
        protected String jsVizExec(String dot, Options options) {
            engine().executeJavascript(
                            "initViz().setFontWidth('" + CircuitPicture.FONT + "',[" + letterWidths() + "])");
            return engine().executeJavascript(
                            "totalMemory=" + MEMORY + ";render(", dot, "," + options.toJson(false) + ");");
        }

        private static String letterWidths() {
            try {
                Font font = new Font(CircuitPicture.FONT, Font.PLAIN, 1000);
                FontRenderContext context = new FontRenderContext(null, true, true);
                return IntStream.range(0, 256)
                        .mapToDouble(code -> width(code, font, context))
                        .mapToObj(width -> String.format(Locale.ROOT, "%.4f", width))
                        .collect(Collectors.joining(","));
            } catch (RuntimeException | InternalError | LinkageError e) {
                throw new NoFonts(e);
            }
        }

        /** Graphviz adds up the bytes of UTF-8: beyond ASCII, a first byte stands for the whole letter, at about its width. */
        private static double width(int code, Font font, FontRenderContext context) {
            if (code < ' ') return 0;
            if (code < 0x7F)
                return font.getStringBounds(String.valueOf((char) code), context)
                                .getWidth()
                        / font.getSize2D();
            if (code < 0xC0) return 0;
            return code < 0xE0 ? 0.6 : 0.9;
        }
    }

    /** AWT says in several ways that it has no fonts, or no library that finds them. */
    private static final class NoFonts extends RuntimeException {
        NoFonts(Throwable cause) {
            super(firstLine(cause), cause);
        }
    }

    private static String firstLine(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("");
    }

    private static UserError failure(String what) {
        return UserError.failure(
                ErrorCode.GRAPHVIZ_FAILED,
                "the bundled Graphviz " + what,
                "draw fewer edges, say layout=grid, install Graphviz, whose dot command is then used, or write a file whose name ends in .dot");
    }
}
