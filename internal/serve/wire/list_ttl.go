package wire

import "time"

// listTTL is how long a client may keep the list of tools and the description
// of the server. They change with the program only and, without a gate, are the
// same for everybody.
const listTTL = 5 * time.Minute
