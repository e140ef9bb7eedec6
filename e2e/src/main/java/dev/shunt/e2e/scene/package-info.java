/**
 * A service mesh in miniature on one host: pods as network namespaces and cgroups, sidecars, an
 * application, traffic redirection as Istio sets it up, and a load generator.
 *
 * <p>Promises: nothing outside the scene's own namespaces is reconfigured; every process is started
 * from an explicit argument list inside its pod's cgroup, before it can open a socket; closing a
 * scene stops and awaits every process by its id and removes each namespace, cgroup and file; what
 * a killed run left behind is removed by the next {@link dev.shunt.e2e.scene.SceneSweep}.
 *
 * <p>Threads: a scene is built, driven and closed by one thread, except that {@code close} methods
 * may also be called from a shutdown hook. The thread that starts a pod's processes must outlive
 * them: the kernel kills them when it ends (PR_SET_PDEATHSIG, prctl(2)).
 */
@NullMarked
package dev.shunt.e2e.scene;

import org.jspecify.annotations.NullMarked;
