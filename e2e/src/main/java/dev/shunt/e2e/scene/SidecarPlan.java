package dev.shunt.e2e.scene;

/**
 * What one sidecar of a pod is to do. Immutable.
 *
 * @param wire what clients speak to its outbound listener
 * @param outbound where outbound traffic goes
 * @param appPort port on 127.0.0.1 where the pod's application listens
 */
public record SidecarPlan(Wire wire, NextHop outbound, int appPort) {}
