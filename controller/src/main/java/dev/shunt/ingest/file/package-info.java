/**
 * Policies and settings of a standalone node, read from files and kept in files.
 *
 * <ol>
 *   <li>{@link dev.shunt.ingest.file.PolicyDirectory} reads the policy files. A file is taken whole
 *       or refused whole; a refused one keeps the policies it had last.
 *   <li>{@link dev.shunt.ingest.file.PolicyWatcher} reads them again when they change.
 *   <li>{@link dev.shunt.ingest.file.ModeStore} and {@link dev.shunt.ingest.file.EndpointIdStore}
 *       keep what must survive a restart.
 * </ol>
 */
@NullMarked
package dev.shunt.ingest.file;

import org.jspecify.annotations.NullMarked;
