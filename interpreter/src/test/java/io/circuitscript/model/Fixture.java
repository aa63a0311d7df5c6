package io.circuitscript.model;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The folders and files that tests read. */
public final class Fixture {
    private Fixture() {}

    /** A file or folder of the test resources' {@code fixtures}. */
    public static Path of(String name) {
        URL url = Fixture.class.getResource("/fixtures/" + name);
        if (url == null) throw new IllegalArgumentException("no fixture " + name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
