package io.circuitscript.cli.doctor;

import java.util.function.Consumer;

/**
 * One line of a check of a device's numbers.
 *
 * @param work what is compared, in a few words
 * @param compare computes on the device and compares
 */
record NumbersCheck(String work, Tolerance tolerance, Consumer<Deviation> compare) {}
