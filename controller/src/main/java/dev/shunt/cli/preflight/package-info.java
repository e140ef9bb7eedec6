/**
 * Whether a host can run Shunt, told from /proc and /sys alone: no BPF call, no native code, no
 * node. Each check is a pure function of a {@link dev.shunt.cli.preflight.HostFiles}; its root can
 * be moved, so that tests show other hosts.
 */
@NullMarked
package dev.shunt.cli.preflight;

import org.jspecify.annotations.NullMarked;
