/**
 * The commands of the {@code shunt} binary. Commands that ask a node do so over its gRPC API only.
 *
 * <p>Exit codes are those of {@link dev.shunt.cli.ExitCode}; standard output carries the command's
 * result and nothing else, everything a person only reads in passing goes to standard error.
 */
@NullMarked
package dev.shunt.cli;

import org.jspecify.annotations.NullMarked;
