/**
 * Who may call the control plane, and as whom.
 *
 * <ol>
 *   <li>{@link dev.shunt.cluster.identity.Authority} is the certificate authority; {@link
 *       dev.shunt.cluster.identity.AuthoritySecret} keeps it in a Secret that all replicas share,
 *       and publishes its certificate in a ConfigMap.
 *   <li>{@link dev.shunt.cluster.identity.IdentityService} gives a node a certificate for a day.
 *       The API server says whose token it is and on which node its pod runs; what the caller says
 *       of itself counts only as far as it agrees.
 *   <li>{@link dev.shunt.cluster.identity.NodeGuard} lets calls of Distribution through by their
 *       certificate, {@link dev.shunt.cluster.identity.CallerGuard} calls of Cluster by their token
 *       and a SubjectAccessReview.
 * </ol>
 *
 * <p>Every refusal has one reason and one counter; tokens and keys appear in no message and no log.
 */
@NullMarked
package dev.shunt.cluster.identity;

import org.jspecify.annotations.NullMarked;
