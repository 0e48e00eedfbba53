/**
 * The command line {@code lss}: reads files, calls the library, writes files, and turns errors into
 * one line and an exit code. No rule about images lives here.
 *
 * <p>Input is read and checked before any model or native code is loaded, so a bad file is refused
 * at once and with little memory.
 */
@NullMarked
package dev.lss.examples.cli;

import org.jspecify.annotations.NullMarked;
