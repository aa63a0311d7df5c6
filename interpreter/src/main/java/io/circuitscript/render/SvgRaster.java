package io.circuitscript.render;

import com.kitfox.svg.SVGDiagram;
import com.kitfox.svg.SVGException;
import com.kitfox.svg.SVGUniverse;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.event.IIOWriteProgressListener;
import javax.imageio.stream.ImageOutputStream;

/** Turns SVG into PNG with two pixels a point, as {@code dot} does; with fewer for very large pictures. */
final class SvgRaster {
    private static final double PIXELS_A_POINT = 2;
    /** In either direction. */
    static final int MOST_PIXELS = 4000;

    private SvgRaster() {}

    static byte[] png(String svg, DrawingDeadline deadline) {
        Drawing drawing = new Drawing();
        try {
            return deadline.of("picture", () -> drawing.draw(svg), drawing::stop)
                    .map(image -> encoded(image, deadline.asked()))
                    .orElseThrow(() ->
                            failure("it takes longer than " + deadline.limit().toSeconds() + " seconds"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SVGException wrong) throw failure(wrong.getMessage());
            if (e.getCause() instanceof UserError told) throw told;
            if (e.getCause() instanceof OutOfMemoryError full) throw full;
            throw new IllegalStateException(e.getCause());
        }
    }

    /** A drawing in progress. The library cannot be interrupted by itself. */
    private static final class Drawing {
        private Optional<Graphics2D> graphics = Optional.empty();
        private boolean stopped;

        BufferedImage draw(String svg) throws SVGException {
            SVGUniverse universe = new SVGUniverse();
            SVGDiagram diagram = universe.getDiagram(universe.loadSVG(new StringReader(svg), "picture"));
            if (diagram == null) throw failure("its SVG could not be read");
            double scale = Math.min(PIXELS_A_POINT, MOST_PIXELS / Math.max(diagram.getWidth(), diagram.getHeight()));
            BufferedImage image = new BufferedImage(
                    pixels(diagram.getWidth() * scale),
                    pixels(diagram.getHeight() * scale),
                    BufferedImage.TYPE_INT_RGB);
            Graphics2D on = begin(image);
            try {
                on.setColor(Color.WHITE);
                on.fillRect(0, 0, image.getWidth(), image.getHeight());
                on.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
                on.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
                on.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
                on.scale(scale, scale);
                diagram.setIgnoringClipHeuristic(true);
                diagram.render(on);
            } finally {
                on.dispose();
            }
            return image;
        }

        private synchronized Graphics2D begin(BufferedImage image) {
            Graphics2D on = image.createGraphics();
            if (stopped) on.dispose();
            graphics = Optional.of(on);
            return on;
        }

        /** Stops the drawing: on disposed graphics nothing is drawn, and the library is soon done. */
        synchronized void stop() {
            stopped = true;
            graphics.ifPresent(Graphics2D::dispose);
        }
    }

    private static int pixels(double size) {
        return Math.min((int) Math.ceil(size), MOST_PIXELS);
    }

    private static byte[] encoded(BufferedImage image, Runnable asked) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            // Straight to memory: ImageIO would otherwise keep what it writes in a temporary file.
            ImageIO.setUseCache(false);
            ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
            writer.addIIOWriteProgressListener(new AskingListener(asked));
            ImageWriteParam smallest = writer.getDefaultWriteParam();
            smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            smallest.setCompressionQuality(0);
            try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
                writer.setOutput(out);
                writer.write(null, new IIOImage(image, null, null), smallest);
            } finally {
                writer.dispose();
            }
        } catch (IOException e) {
            throw failure(e.getMessage());
        }
        return bytes.toByteArray();
    }

    private static UserError failure(String reason) {
        return UserError.failure(
                ErrorCode.GRAPHVIZ_FAILED, "the picture could not be converted to PNG: " + reason, "write it as .svg");
    }

    /** Checks the time limit while rows of pixels are packed. */
    private record AskingListener(Runnable asked) implements IIOWriteProgressListener {
        @Override
        public void imageProgress(ImageWriter source, float percentage) {
            asked.run();
        }

        @Override
        public void imageStarted(ImageWriter source, int image) {}

        @Override
        public void imageComplete(ImageWriter source) {}

        @Override
        public void thumbnailStarted(ImageWriter source, int image, int thumbnail) {}

        @Override
        public void thumbnailProgress(ImageWriter source, float percentage) {}

        @Override
        public void thumbnailComplete(ImageWriter source) {}

        @Override
        public void writeAborted(ImageWriter source) {}
    }
}
