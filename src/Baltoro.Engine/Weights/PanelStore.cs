// Where the panels of a model live: in memory, or in a cache file beside the model that is mapped. Knows no model.

using System.Buffers.Binary;
using System.IO.Hashing;
