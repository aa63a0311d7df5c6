package io.circuitscript.render;

import com.kitfox.svg.SVGDiagram;
import com.kitfox.svg.SVGException;
import com.kitfox.svg.SVGUniverse;
import io.circuitscript.source.UserError;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Turns an SVG of Graphviz's into a PNG, at the same two pixels a point as the {@code dot} command's, and fewer where it would be large. */
final class SvgRaster {
    private static final double PIXELS_A_POINT = 2;
    /** In either direction. */
    static final int MOST_PIXELS = 4000;

    private SvgRaster() {}

    static byte[] png(String svg) {
        SVGUniverse universe = new SVGUniverse();
        SVGDiagram diagram = universe.getDiagram(universe.loadSVG(new StringReader(svg), "picture"));
        if (diagram == null) throw failure("its SVG could not be read");
        double scale = Math.min(PIXELS_A_POINT, MOST_PIXELS / Math.max(diagram.getWidth(), diagram.getHeight()));
        BufferedImage image = new BufferedImage(
                pixels(diagram.getWidth() * scale), pixels(diagram.getHeight() * scale), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.scale(scale, scale);
            diagram.setIgnoringClipHeuristic(true);
            diagram.render(graphics);
        } catch (SVGException e) {
            throw failure(e.getMessage());
        } finally {
            graphics.dispose();
        }
        return encoded(image);
    }

    private static int pixels(double size) {
        return Math.min((int) Math.ceil(size), MOST_PIXELS);
    }

    private static byte[] encoded(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            // Straight to memory: ImageIO would otherwise keep what it writes in a temporary file.
            ImageIO.setUseCache(false);
            ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
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
        return UserError.failure("graphviz-failed", "the picture could not be made a PNG: " + reason, "write it as .svg or .dot");
    }
}
