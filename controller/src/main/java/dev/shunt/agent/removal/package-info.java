/**
 * {@code shunt uninstall} for a whole cluster: the pods of the node's DaemonSet are told to remove
 * what they hold, one and all, and the command waits until they have.
 *
 * <ol>
 *   <li>The arguments of the DaemonSet's containers become {@code uninstall --stay ...}, and its
 *       update strategy lets all pods go at once. The kubelets replace the node processes, so none
 *       is left that would start again beside the removal.
 *   <li>Each new pod removes what is pinned on its host and is ready from then on.
 *   <li>All are updated and ready: done. Whoever asked deletes the DaemonSet.
 * </ol>
 */
@NullMarked
package dev.shunt.agent.removal;

import org.jspecify.annotations.NullMarked;
