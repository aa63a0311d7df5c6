package io.circuitscript.model;

/** What DJL must be told before any class of it starts. */
public final class NativeLibraries {
    private NativeLibraries() {}

    /**
     * Keeps DJL from calling home, and from fetching a GPU flavour of the tokenizer's library, which needs no GPU. What the user set stays.
     */
    public static void prepare() {
        setWhereUnset("OPT_OUT_TRACKING", "true");
        setWhereUnset("RUST_FLAVOR", "cpu");
    }

    private static void setWhereUnset(String name, String value) {
        if (System.getenv(name) == null && System.getProperty(name) == null) System.setProperty(name, value);
    }
}
