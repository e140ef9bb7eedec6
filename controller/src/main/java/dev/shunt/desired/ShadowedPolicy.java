package dev.shunt.desired;

/**
 * A policy that has no effect because another one with the same selector outranks it.
 *
 * @param policy without effect
 * @param by the policy in force
 */
public record ShadowedPolicy(PolicyName policy, PolicyName by) {}
