package io.circuitscript.notebook.display;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drawings fit a cell. */
class FileDisplayTest {
    @TempDir
    private Path folder;

    private String shown(String drawing) throws IOException {
        Path file = Files.writeString(folder.resolve("drawing.svg"), drawing);
        return FileDisplay.of(file).orElseThrow().data();
    }

    @Test
    void aDrawingIsNoWiderThanACell() throws IOException {
        assertEquals(
                "<svg width=\"640\" height=\"320\" style=\"max-width:100%;height:auto\" viewBox=\"0 0 1200 600\"/>",
                shown("<svg width=\"900pt\" height=\"450pt\" viewBox=\"0 0 1200 600\"/>"));
        assertEquals(
                "<svg width=\"640\" height=\"320\" style=\"max-width:100%;height:auto\" viewBox=\"0 0 500 250\"/>",
                shown("<svg width=\"500pt\" height=\"250pt\" viewBox=\"0 0 500 250\"/>"), "500 points are 667 pixels");
        assertEquals(
                "<svg width=\"600\" height=\"300\" style=\"max-width:100%;height:auto\" viewBox=\"0 0 600 300\"/>",
                shown("<svg width=\"600\" height=\"300\" viewBox=\"0 0 600 300\"/>"));
    }

    @Test
    void aDrawingWithoutASizeStaysAsItIs() throws IOException {
        assertEquals("<svg viewBox=\"0 0 9 9\"/>", shown("<svg viewBox=\"0 0 9 9\"/>"));
        assertEquals("<svg width=\"900\" height=\"9\"/>", shown("<svg width=\"900\" height=\"9\"/>"));
    }

    @Test
    void aPictureIsShownNoWiderThanACell() throws IOException {
        assertEquals(Optional.of(new FileDisplay.Size(640, 320)), size(1410, 705));
        assertEquals(Optional.empty(), size(640, 9000));
    }

    @Test
    void aPictureThatIsCutOffIsShownAsItIs() throws IOException {
        Path file = Files.write(folder.resolve("cut.png"), new byte[] {1, 2, 3});
        assertEquals(Optional.of(new FileDisplay("image/png", "AQID", Optional.empty())), FileDisplay.of(file));
        byte[] flat = new byte[24];
        flat[18] = 5; // 1,280 pixels wide, and none high
        file = Files.write(folder.resolve("flat.png"), flat);
        assertEquals(Optional.empty(), FileDisplay.of(file).orElseThrow().size());
    }

    private Optional<FileDisplay.Size> size(int width, int height) throws IOException {
        Path file = folder.resolve("picture.png");
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY), "png", file.toFile());
        return FileDisplay.of(file).orElseThrow().size();
    }
}
