package dev.shunt.observe;

/**
 * How far a connection came and why not further.
 *
 * @param side which end this socket is; meaningless while UNPAIRED
 * @param step how far it came
 * @param reason why it is not accelerated; {@code NONE} when it is
 * @param lastPassReason why its last message by TCP went that way; {@code NONE} if none did
 * @param errno of a refused insert; 0 otherwise
 * @param turns request/response turns counted before adoption
 */
public record Progress(
    Side side, Step step, Reason reason, Reason lastPassReason, int errno, int turns) {}
