package io.circuitscript.cli.doctor;

import java.util.Locale;

/**
 * The result of one check of {@code doctor}.
 *
 * @param mend what would make it better; empty where all is well
 */
record DoctorFinding(String name, Health health, String found, String mend) {
    /** How well a thing does. */
    enum Health {
        OK,
        /** Something is missing that only some scripts need. */
        WARN,
        FAIL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static DoctorFinding ok(String name, String found) {
        return new DoctorFinding(name, Health.OK, found, "");
    }

    static DoctorFinding warn(String name, String found, String mend) {
        return new DoctorFinding(name, Health.WARN, found, mend);
    }

    static DoctorFinding failed(String name, String found, String mend) {
        return new DoctorFinding(name, Health.FAIL, found, mend);
    }
}
