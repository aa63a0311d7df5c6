package io.circuitscript.notebook.display;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * A picture or a report that a statement wrote, as it is shown in a cell.
 *
 * @param mime how it is shown
 * @param data as a message has it
 */
public record FileDisplay(String mime, String data) {
    /** A larger file is named and not shown: it would be in the notebook as well. */
    private static final long LARGEST = 8L << 20;

    /** Empty where the file is of another kind, or too large, or gone. */
    public static Optional<FileDisplay> of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) return Optional.empty();
            if (name.endsWith(".png"))
                return Optional.of(
                        new FileDisplay("image/png", Base64.getEncoder().encodeToString(Files.readAllBytes(file))));
            if (name.endsWith(".svg"))
                return Optional.of(new FileDisplay("image/svg+xml", Files.readString(file, StandardCharsets.UTF_8)));
            if (name.endsWith(".html") || name.endsWith(".htm"))
                return Optional.of(new FileDisplay("text/html", page(Files.readString(file, StandardCharsets.UTF_8))));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A page of its own in the cell: its scripts run, and reach neither the notebook nor what it knows. */
    private static String page(String html) {
        return "<iframe sandbox=\"allow-scripts\" title=\"report\" style=\"width:100%;height:36em;border:1px solid "
                + Html.RULE + ";border-radius:4px\" srcdoc=\"" + Html.escaped(html) + "\"></iframe>";
    }
}
