/* eslint-disable */
// Made from schema/config.schema.json by test/config-schema.test.ts: UPDATE=1 npx vitest run test/config-schema.test.ts
export const validate = validate21;
export default validate21;
const schema6 = {"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":false,"properties":{"$schema":{"type":"string"},"preset":{"enum":["recommended","hotfix","all"]},"rules":{"type":"object","additionalProperties":false,"properties":{"constraint-never-validated":{"allOf":[{"$ref":"#/definitions/severity"}]},"contradicts-history":{"allOf":[{"$ref":"#/definitions/severity"}]},"delete-without-where":{"allOf":[{"$ref":"#/definitions/severity"}]},"down-migration-does-not-restore":{"allOf":[{"$ref":"#/definitions/severity"}]},"down-migration-loses-data":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-cascade":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-column":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-constraint":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-database":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-hand-written-object":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-primary-key":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-schema":{"allOf":[{"$ref":"#/definitions/severity"}]},"drop-table":{"allOf":[{"$ref":"#/definitions/severity"}]},"enum-value-removed":{"allOf":[{"$ref":"#/definitions/severity"}]},"missing-down-migration":{"allOf":[{"$ref":"#/definitions/severity"}]},"narrowing-type-change":{"allOf":[{"$ref":"#/definitions/severity"}]},"not-null-over-existing-rows":{"allOf":[{"$ref":"#/definitions/severity"}]},"opaque-statement":{"allOf":[{"$ref":"#/definitions/severity"}]},"orphan-cleanup-before-foreign-key":{"allOf":[{"$ref":"#/definitions/severity"}]},"orphan-cleanup-ineffective":{"allOf":[{"$ref":"#/definitions/severity"}]},"orphan-cleanup-too-broad":{"allOf":[{"$ref":"#/definitions/severity"}]},"rename-as-drop-and-add":{"allOf":[{"$ref":"#/definitions/severity"}]},"required-column-without-default":{"allOf":[{"$ref":"#/definitions/severity"}]},"syntax-error":{"allOf":[{"$ref":"#/definitions/severity"}]},"truncate":{"allOf":[{"$ref":"#/definitions/severity"}]},"unique-over-existing-rows":{"allOf":[{"$ref":"#/definitions/severity"}]},"unused-suppression":{"allOf":[{"$ref":"#/definitions/severity"}]},"update-without-where":{"allOf":[{"$ref":"#/definitions/severity"}]}}},"ignores":{"type":"array","items":{"type":"object","required":["reason"],"additionalProperties":false,"properties":{"path":{"type":"string"},"rules":{"type":"array","minItems":1,"items":{"enum":["constraint-never-validated","contradicts-history","delete-without-where","down-migration-does-not-restore","down-migration-loses-data","drop-cascade","drop-column","drop-constraint","drop-database","drop-hand-written-object","drop-primary-key","drop-schema","drop-table","enum-value-removed","missing-down-migration","narrowing-type-change","not-null-over-existing-rows","opaque-statement","orphan-cleanup-before-foreign-key","orphan-cleanup-ineffective","orphan-cleanup-too-broad","rename-as-drop-and-add","required-column-without-default","syntax-error","truncate","unique-over-existing-rows","unused-suppression","update-without-where"]}},"reason":{"type":"string","pattern":"\\S"}}}},"migrations":{"type":"array","items":{"type":"string"}},"postgres":{"enum":[14,15,16,17,18]},"execution":{"enum":["batch","split"]},"parser":{"enum":["postgres","portable"]},"base":{"type":"string","pattern":"\\S"},"failOn":{"enum":["error","warning","info","never"]},"baseline":{"type":"string","pattern":"\\S"}},"definitions":{"severity":{"enum":["off","error","warning","info"]}}};
const func2 = Object.prototype.hasOwnProperty;
const schema7 = {"enum":["off","error","warning","info"]};

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!((((data === "off") || (data === "error")) || (data === "warning")) || (data === "info"))){
const err0 = {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema7.enum}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}

const pattern0 = new RegExp("\\S", "u");

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema6.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.$schema !== undefined){
if(typeof data.$schema !== "string"){
const err1 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.preset !== undefined){
let data1 = data.preset;
if(!(((data1 === "recommended") || (data1 === "hotfix")) || (data1 === "all"))){
const err2 = {instancePath:instancePath+"/preset",schemaPath:"#/properties/preset/enum",keyword:"enum",params:{allowedValues: schema6.properties.preset.enum}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.rules !== undefined){
let data2 = data.rules;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
for(const key1 in data2){
if(!(func2.call(schema6.properties.rules.properties, key1))){
const err3 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data2["constraint-never-validated"] !== undefined){
if(!(validate22(data2["constraint-never-validated"], {instancePath:instancePath+"/rules/constraint-never-validated",parentData:data2,parentDataProperty:"constraint-never-validated",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["contradicts-history"] !== undefined){
if(!(validate22(data2["contradicts-history"], {instancePath:instancePath+"/rules/contradicts-history",parentData:data2,parentDataProperty:"contradicts-history",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["delete-without-where"] !== undefined){
if(!(validate22(data2["delete-without-where"], {instancePath:instancePath+"/rules/delete-without-where",parentData:data2,parentDataProperty:"delete-without-where",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["down-migration-does-not-restore"] !== undefined){
if(!(validate22(data2["down-migration-does-not-restore"], {instancePath:instancePath+"/rules/down-migration-does-not-restore",parentData:data2,parentDataProperty:"down-migration-does-not-restore",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["down-migration-loses-data"] !== undefined){
if(!(validate22(data2["down-migration-loses-data"], {instancePath:instancePath+"/rules/down-migration-loses-data",parentData:data2,parentDataProperty:"down-migration-loses-data",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-cascade"] !== undefined){
if(!(validate22(data2["drop-cascade"], {instancePath:instancePath+"/rules/drop-cascade",parentData:data2,parentDataProperty:"drop-cascade",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-column"] !== undefined){
if(!(validate22(data2["drop-column"], {instancePath:instancePath+"/rules/drop-column",parentData:data2,parentDataProperty:"drop-column",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-constraint"] !== undefined){
if(!(validate22(data2["drop-constraint"], {instancePath:instancePath+"/rules/drop-constraint",parentData:data2,parentDataProperty:"drop-constraint",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-database"] !== undefined){
if(!(validate22(data2["drop-database"], {instancePath:instancePath+"/rules/drop-database",parentData:data2,parentDataProperty:"drop-database",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-hand-written-object"] !== undefined){
if(!(validate22(data2["drop-hand-written-object"], {instancePath:instancePath+"/rules/drop-hand-written-object",parentData:data2,parentDataProperty:"drop-hand-written-object",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-primary-key"] !== undefined){
if(!(validate22(data2["drop-primary-key"], {instancePath:instancePath+"/rules/drop-primary-key",parentData:data2,parentDataProperty:"drop-primary-key",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-schema"] !== undefined){
if(!(validate22(data2["drop-schema"], {instancePath:instancePath+"/rules/drop-schema",parentData:data2,parentDataProperty:"drop-schema",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["drop-table"] !== undefined){
if(!(validate22(data2["drop-table"], {instancePath:instancePath+"/rules/drop-table",parentData:data2,parentDataProperty:"drop-table",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["enum-value-removed"] !== undefined){
if(!(validate22(data2["enum-value-removed"], {instancePath:instancePath+"/rules/enum-value-removed",parentData:data2,parentDataProperty:"enum-value-removed",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["missing-down-migration"] !== undefined){
if(!(validate22(data2["missing-down-migration"], {instancePath:instancePath+"/rules/missing-down-migration",parentData:data2,parentDataProperty:"missing-down-migration",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["narrowing-type-change"] !== undefined){
if(!(validate22(data2["narrowing-type-change"], {instancePath:instancePath+"/rules/narrowing-type-change",parentData:data2,parentDataProperty:"narrowing-type-change",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["not-null-over-existing-rows"] !== undefined){
if(!(validate22(data2["not-null-over-existing-rows"], {instancePath:instancePath+"/rules/not-null-over-existing-rows",parentData:data2,parentDataProperty:"not-null-over-existing-rows",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["opaque-statement"] !== undefined){
if(!(validate22(data2["opaque-statement"], {instancePath:instancePath+"/rules/opaque-statement",parentData:data2,parentDataProperty:"opaque-statement",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["orphan-cleanup-before-foreign-key"] !== undefined){
if(!(validate22(data2["orphan-cleanup-before-foreign-key"], {instancePath:instancePath+"/rules/orphan-cleanup-before-foreign-key",parentData:data2,parentDataProperty:"orphan-cleanup-before-foreign-key",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["orphan-cleanup-ineffective"] !== undefined){
if(!(validate22(data2["orphan-cleanup-ineffective"], {instancePath:instancePath+"/rules/orphan-cleanup-ineffective",parentData:data2,parentDataProperty:"orphan-cleanup-ineffective",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["orphan-cleanup-too-broad"] !== undefined){
if(!(validate22(data2["orphan-cleanup-too-broad"], {instancePath:instancePath+"/rules/orphan-cleanup-too-broad",parentData:data2,parentDataProperty:"orphan-cleanup-too-broad",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["rename-as-drop-and-add"] !== undefined){
if(!(validate22(data2["rename-as-drop-and-add"], {instancePath:instancePath+"/rules/rename-as-drop-and-add",parentData:data2,parentDataProperty:"rename-as-drop-and-add",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["required-column-without-default"] !== undefined){
if(!(validate22(data2["required-column-without-default"], {instancePath:instancePath+"/rules/required-column-without-default",parentData:data2,parentDataProperty:"required-column-without-default",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["syntax-error"] !== undefined){
if(!(validate22(data2["syntax-error"], {instancePath:instancePath+"/rules/syntax-error",parentData:data2,parentDataProperty:"syntax-error",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2.truncate !== undefined){
if(!(validate22(data2.truncate, {instancePath:instancePath+"/rules/truncate",parentData:data2,parentDataProperty:"truncate",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["unique-over-existing-rows"] !== undefined){
if(!(validate22(data2["unique-over-existing-rows"], {instancePath:instancePath+"/rules/unique-over-existing-rows",parentData:data2,parentDataProperty:"unique-over-existing-rows",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["unused-suppression"] !== undefined){
if(!(validate22(data2["unused-suppression"], {instancePath:instancePath+"/rules/unused-suppression",parentData:data2,parentDataProperty:"unused-suppression",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data2["update-without-where"] !== undefined){
if(!(validate22(data2["update-without-where"], {instancePath:instancePath+"/rules/update-without-where",parentData:data2,parentDataProperty:"update-without-where",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
}
else {
const err4 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.ignores !== undefined){
let data31 = data.ignores;
if(Array.isArray(data31)){
const len0 = data31.length;
for(let i0=0; i0<len0; i0++){
let data32 = data31[i0];
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
if(data32.reason === undefined){
const err5 = {instancePath:instancePath+"/ignores/" + i0,schemaPath:"#/properties/ignores/items/required",keyword:"required",params:{missingProperty: "reason"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key2 in data32){
if(!(((key2 === "path") || (key2 === "rules")) || (key2 === "reason"))){
const err6 = {instancePath:instancePath+"/ignores/" + i0,schemaPath:"#/properties/ignores/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data32.path !== undefined){
if(typeof data32.path !== "string"){
const err7 = {instancePath:instancePath+"/ignores/" + i0+"/path",schemaPath:"#/properties/ignores/items/properties/path/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data32.rules !== undefined){
let data34 = data32.rules;
if(Array.isArray(data34)){
if(data34.length < 1){
const err8 = {instancePath:instancePath+"/ignores/" + i0+"/rules",schemaPath:"#/properties/ignores/items/properties/rules/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
const len1 = data34.length;
for(let i1=0; i1<len1; i1++){
let data35 = data34[i1];
if(!((((((((((((((((((((((((((((data35 === "constraint-never-validated") || (data35 === "contradicts-history")) || (data35 === "delete-without-where")) || (data35 === "down-migration-does-not-restore")) || (data35 === "down-migration-loses-data")) || (data35 === "drop-cascade")) || (data35 === "drop-column")) || (data35 === "drop-constraint")) || (data35 === "drop-database")) || (data35 === "drop-hand-written-object")) || (data35 === "drop-primary-key")) || (data35 === "drop-schema")) || (data35 === "drop-table")) || (data35 === "enum-value-removed")) || (data35 === "missing-down-migration")) || (data35 === "narrowing-type-change")) || (data35 === "not-null-over-existing-rows")) || (data35 === "opaque-statement")) || (data35 === "orphan-cleanup-before-foreign-key")) || (data35 === "orphan-cleanup-ineffective")) || (data35 === "orphan-cleanup-too-broad")) || (data35 === "rename-as-drop-and-add")) || (data35 === "required-column-without-default")) || (data35 === "syntax-error")) || (data35 === "truncate")) || (data35 === "unique-over-existing-rows")) || (data35 === "unused-suppression")) || (data35 === "update-without-where"))){
const err9 = {instancePath:instancePath+"/ignores/" + i0+"/rules/" + i1,schemaPath:"#/properties/ignores/items/properties/rules/items/enum",keyword:"enum",params:{allowedValues: schema6.properties.ignores.items.properties.rules.items.enum}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath:instancePath+"/ignores/" + i0+"/rules",schemaPath:"#/properties/ignores/items/properties/rules/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data32.reason !== undefined){
let data36 = data32.reason;
if(typeof data36 === "string"){
if(!pattern0.test(data36)){
const err11 = {instancePath:instancePath+"/ignores/" + i0+"/reason",schemaPath:"#/properties/ignores/items/properties/reason/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/ignores/" + i0+"/reason",schemaPath:"#/properties/ignores/items/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
else {
const err13 = {instancePath:instancePath+"/ignores/" + i0,schemaPath:"#/properties/ignores/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
else {
const err14 = {instancePath:instancePath+"/ignores",schemaPath:"#/properties/ignores/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.migrations !== undefined){
let data37 = data.migrations;
if(Array.isArray(data37)){
const len2 = data37.length;
for(let i2=0; i2<len2; i2++){
if(typeof data37[i2] !== "string"){
const err15 = {instancePath:instancePath+"/migrations/" + i2,schemaPath:"#/properties/migrations/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath:instancePath+"/migrations",schemaPath:"#/properties/migrations/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.postgres !== undefined){
let data39 = data.postgres;
if(!(((((data39 === 14) || (data39 === 15)) || (data39 === 16)) || (data39 === 17)) || (data39 === 18))){
const err17 = {instancePath:instancePath+"/postgres",schemaPath:"#/properties/postgres/enum",keyword:"enum",params:{allowedValues: schema6.properties.postgres.enum}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.execution !== undefined){
let data40 = data.execution;
if(!((data40 === "batch") || (data40 === "split"))){
const err18 = {instancePath:instancePath+"/execution",schemaPath:"#/properties/execution/enum",keyword:"enum",params:{allowedValues: schema6.properties.execution.enum}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.parser !== undefined){
let data41 = data.parser;
if(!((data41 === "postgres") || (data41 === "portable"))){
const err19 = {instancePath:instancePath+"/parser",schemaPath:"#/properties/parser/enum",keyword:"enum",params:{allowedValues: schema6.properties.parser.enum}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.base !== undefined){
let data42 = data.base;
if(typeof data42 === "string"){
if(!pattern0.test(data42)){
const err20 = {instancePath:instancePath+"/base",schemaPath:"#/properties/base/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/base",schemaPath:"#/properties/base/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.failOn !== undefined){
let data43 = data.failOn;
if(!((((data43 === "error") || (data43 === "warning")) || (data43 === "info")) || (data43 === "never"))){
const err22 = {instancePath:instancePath+"/failOn",schemaPath:"#/properties/failOn/enum",keyword:"enum",params:{allowedValues: schema6.properties.failOn.enum}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.baseline !== undefined){
let data44 = data.baseline;
if(typeof data44 === "string"){
if(!pattern0.test(data44)){
const err23 = {instancePath:instancePath+"/baseline",schemaPath:"#/properties/baseline/pattern",keyword:"pattern",params:{pattern: "\\S"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/baseline",schemaPath:"#/properties/baseline/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}

