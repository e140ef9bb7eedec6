@NullMarked
package dev.shunt.desired.connect;

import org.jspecify.annotations.NullMarked;
