package io.circuitscript.model;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The folders and files that tests read. */
public final class Fixture {
    private Fixture() {}

    /** A file or folder of the test resources' {@code fixtures}. */
    public static Path of(String name) {
        return at("/fixtures/" + name);
    }

    /** A file or folder of {@code families}: of a name, or all. */
    public static Path family(String name) {
        return at("/families/" + name);
    }

    private static Path at(String name) {
        URL url = Fixture.class.getResource(name);
        if (url == null) throw new IllegalArgumentException("no fixture " + name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
